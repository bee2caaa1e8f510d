using RxVerify.StateMachines;
using RxVerify.StateMachines.Dqo;
using RxVerify.Tests.StateMachines;

namespace RxVerify.Tests.Dqo;

public sealed class DqoQueueMachineTests : MachineContract<DqoQueueState, DqoQueueTrigger>
{
    // 4 states and 5 triggers are 20 pairs, of which the 5 of the diagram are legal.
    protected override int LegalPairs => 5;

    protected override Machine<DqoQueueState, DqoQueueTrigger> Make(Func<DqoQueueState> read, Action<DqoQueueState> write) => new DqoQueueMachine(read, write);
}
