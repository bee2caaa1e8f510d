using System.Runtime.CompilerServices;

namespace RxVerify.Implementation.Memory;

/// <summary>The one failure that the environment decided for the current operation; it strikes once.</summary>
public sealed class FaultPlan
{
    private byte _kind;
    private int _successesLeft;

    /// <summary>Whether what was armed last has struck.</summary>
    public bool HasStruck { get; private set; }

    /// <summary>Arms the plan: the attempt after <paramref name="successes"/> good ones of this kind fails. Kind 0 arms nothing.</summary>
    public void Arm(byte kind, int successes)
    {
        _kind = kind;
        _successesLeft = successes;
        HasStruck = false;
    }

    /// <summary>Nothing fails any more; whether anything did is still known.</summary>
    public void Disarm() => _kind = 0;

    /// <summary>Asked at each attempt that can fail; true means: this one fails.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // Asked for every packet, and nearly always with nothing armed.
    public bool Strikes(byte kind) => _kind != 0 && _kind == kind && IsNext();

    private bool IsNext()
    {
        if (_successesLeft-- > 0)
        {
            return false;
        }

        _kind = 0;
        HasStruck = true;
        return true;
    }
}
