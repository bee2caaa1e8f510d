using System.Numerics;
using RxVerify.Implementation.Mana;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.PagePool;
using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Implementation.Port;

/// <summary>The sizes and layouts that the queues of one port can have, and what follows from them for memory and pools.</summary>
internal sealed class PortShapes
{
    private const int Rings = 2;
    private readonly List<ManaQueueShape> _shapes = [];
    private readonly List<PoolConfiguration> _pools = [];
    private readonly List<int> _fragmentSizes = [];

    private PortShapes(PortConfiguration configuration, Func<ManaLayoutRequest, ManaLayoutAnswer> layoutOf)
    {
        foreach (var mtu in Enum.GetValues<PortMtu>())
        {
            foreach (int ringSize in (int[])[configuration.RingSize, configuration.OtherRingSize])
            {
                int bytes = configuration.MtuOf(mtu);
                var queue = configuration.Queue(bytes, ringSize);
                var plain = layoutOf(queue.Request(hasProgram: false)).Layout;
                var withProgram = layoutOf(queue.Request(hasProgram: true));
                int plainPool = KindOf(queue.Pool(plain));
                int programPool = withProgram.IsRefused ? plainPool : KindOf(queue.Pool(withProgram.Layout));
                _shapes.Add(new ManaQueueShape(queue, configuration.Queue(bytes, configuration.RingSizeMax), plain, withProgram.Layout, plainPool, programPool));
                ProgramMtuMax = withProgram.MtuMax;
                PageBytes = Math.Max(PageBytes, configuration.PageSize << plain.Order);
                if (plain.IsFragmented && !_fragmentSizes.Contains(plain.AllocSize))
                {
                    _fragmentSizes.Add(plain.AllocSize);
                }
            }
        }
    }

    /// <summary>The largest MTU with a program (MANA_XDP_MTU_MAX).</summary>
    public int ProgramMtuMax { get; }

    /// <summary>Bytes of a page frame: of the largest that any pool allocates.</summary>
    public int PageBytes { get; }

    /// <summary>
    /// Bytes of a granule: packets in two buffers of a page never share one. All buffers of a page are of one size; where there are
    /// several sizes, a granule reaches from the first byte of a packet to no other buffer.
    /// </summary>
    public int Granule => _fragmentSizes.Count switch
    {
        0 => PageBytes,
        1 => _fragmentSizes[0],
        _ => 1 << BitOperations.Log2((uint)(_fragmentSizes.Min() - PortConfiguration.PacketBytes)),
    };

    /// <summary>The constants of each kind of pool.</summary>
    public IReadOnlyList<PoolConfiguration> Pools => _pools;

    /// <summary>All of them, in the order of <see cref="IndexOf"/>.</summary>
    public IReadOnlyList<ManaQueueShape> All => _shapes;

    /// <summary>The shapes of a port whose driver follows the given rules.</summary>
    public static PortShapes Of<TManaRules>(PortConfiguration configuration)
        where TManaRules : struct, IManaRules =>
        configuration.Fault() is { } fault
            ? throw new ArgumentException(fault, nameof(configuration))
            : new PortShapes(configuration, ManaBuffers.LayoutOf<TManaRules>);

    /// <summary>Which one a queue with these parameters has.</summary>
    public static int IndexOf(in PortParameters parameters) => ((int)parameters.Mtu * Rings) + (parameters.IsOtherRing ? 1 : 0);

    /// <summary>The layout of the queues of a port with these parameters.</summary>
    public ManaLayout LayoutOf(in PortParameters parameters) =>
        parameters.Program != 0 ? _shapes[IndexOf(parameters)].WithProgram : _shapes[IndexOf(parameters)].Plain;

    private int KindOf(PoolConfiguration pool)
    {
        if (!_pools.Contains(pool))
        {
            _pools.Add(pool);
        }

        return _pools.IndexOf(pool);
    }
}
