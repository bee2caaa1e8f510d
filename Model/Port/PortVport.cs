using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Model.Port;

/// <summary>The vport, which the RDMA driver may have while the port does not (B.7 #10).</summary>
internal static class PortVport
{
    /// <summary>The RDMA driver asks. A port that is to be up again needs the vport, so its being free is not enough.</summary>
    internal static PortModelStep Take(PortModel world) =>
        world.UseCount == 0 && world.Task is null && world.State == PortState.Down
            ? PortModelStep.Quiet(world with { RdmaHasVport = true, UseCount = world.UseCount + 1 })
            : PortModelStep.Quiet(world, PortOutcome.Busy);

    /// <summary>The RDMA driver has the vport no more.</summary>
    internal static PortModel GivenBack(PortModel world) => world with { RdmaHasVport = false, UseCount = world.UseCount - 1 };
}
