using RxVerify.Explorer;
using RxVerify.Model.Vocabulary.Port;
using RxVerify.Properties.Pictures;

namespace RxVerify.Properties.Port;

/// <content>What holds when a request has ended (B.6), and how a broken claim shows, in words.</content>
public sealed partial class PortWitness
{
    /// <summary>A request ended in this step, or was refused, or there was nothing to do.</summary>
    private Finding? CheckEnd(PortOperation operation, PortOutcome outcome)
    {
        // A request that is finished by settling reports to nobody: whether it failed is seen in what it left behind.
        bool isTold = operation.Kind != PortOperationKind.Settle;
        bool isRefused = operation.Kind == PortOperationKind.Request && outcome.Value < 0;
        bool hasFailed = isTold ? outcome.Value < 0 : _asked.Operation.Request.IsChange() && !Fits(Expected());
        if (isTold && hasFailed && !isRefused && !_asked.HasFailure && !_asked.VportIsTaken)
        {
            return FailedByItself(outcome.Value);
        }

        if (!hasFailed)
        {
            NoteSuccess(isTold);
        }

        return CheckParameters(hasFailed) ?? (isRefused ? null : CheckAfterwards());
    }

    /// <summary>What the port is to be from now on. Whether it could be opened is seen where nobody was told.</summary>
    private void NoteSuccess(bool isTold)
    {
        _isToBeUp = _asked.Operation.Request switch
        {
            PortRequest.Open => isTold || _driver.IsUp,
            PortRequest.Close or PortRequest.Remove or PortRequest.Probe => false,
            _ => _isToBeUp,
        };
    }

    /// <summary>The parameters that a success leaves.</summary>
    private Parameters Expected()
    {
        var before = _asked.Before;
        var configuration = _world.Configuration;
        return _asked.Operation.Request switch
        {
            PortRequest.SetProgram => before with { Program = _asked.Program },
            PortRequest.ClearProgram => before with { Program = 0 },
            PortRequest.ChangeMtu => before with { Mtu = configuration.MtuOf(_asked.Operation.Mtu) },
            PortRequest.ChangeRing => before with { RingSize = _asked.Operation.IsOtherRing ? configuration.OtherRingSize : configuration.RingSize },
            PortRequest.ChangeChannels => before with { Queues = _asked.Operation.Queues },
            _ => before,
        };
    }

    /// <summary>B.6: all as before, or all as before but what was asked for.</summary>
    private Finding? CheckParameters(bool hasFailed)
    {
        if (_asked.Operation.Request is PortRequest.Probe or PortRequest.Remove || _driver.State == PortState.Absent)
        {
            return null;
        }

        var expected = hasFailed ? _asked.Before : Expected();
        return Fits(expected) ? null : Changed(expected, Read());
    }

    /// <summary>Whether these are the port's parameters, or would be if the adapter had not given fewer queues.</summary>
    private bool Fits(Parameters expected)
    {
        var found = Read();
        return found == expected || (_asked.HasShrunk && found == expected with { Queues = 1 });
    }

    /// <summary>What a request leaves, whether it succeeded or not.</summary>
    private Finding? CheckAfterwards()
    {
        bool isAway = _asked.Operation.Request == PortRequest.Suspend || _driver.State is PortState.Absent or PortState.DetachedDown;
        bool isDead = _driver.State == PortState.Dead || (!_driver.IsPresent && !isAway);
        bool isAttached = _driver.State is not (PortState.Absent or PortState.DetachedUp or PortState.DetachedDown);
        return (_driver.Prepared > 0 ? ListLeft() : null)
            ?? (isDead ? Dead() : null)
            ?? (isAttached && _driver.IsUp != _isToBeUp ? ForgottenUp() : null);
    }

    /// <summary>Failures have stopped: an open port receives.</summary>
    private Finding? CheckReceiving()
    {
        if (_driver.State == PortState.Absent || !_driver.IsUp)
        {
            return null;
        }

        for (int queue = 0; queue < _driver.QueueCount; queue++)
        {
            int posted = _driver.DeviceAt(queue)?.Visible ?? 0;
            if (_driver.QueueAt(queue) is null || posted != _driver.RingSize || !_driver.IsSteering)
            {
                return NotReceiving(queue, posted);
            }
        }

        return null;
    }

    private Finding? Broken(Claim claim, string detail, Party first, Party second) =>
        _claims.Contains(claim) ? new Finding(claim, detail, new Conflict(first, second)) : null;

    private static Party Driver(string does) => Party.Of(Holder.Driver, does);

    private static Party Core(string does) => new("the network core", does);

    private Finding? WrongReferences(int program, int expected) => Broken(
        PortClaims.ProgramsAreReferenced, $"program {program} has {Quantity.Of(_driver.ReferencesOf(program), "reference")}, and {Quantity.Of(expected, "holds", "hold")} it",
        new Party($"the count of program {program}", $"says {_driver.ReferencesOf(program)}") { Row = PortScene.References }, new Party("port, queues and request", $"hold it {Quantity.Of(expected, "time")}"));

    private Finding? TooLargeForAdapter(int mtu) => Broken(
        PortClaims.MtuIsWithinLimits, $"the MTU is {mtu}, and the adapter takes {_world.Configuration.MtuMax}",
        Driver($"accepted an MTU of {mtu}") with { Row = PortScene.Mtu }, Party.Of(Holder.Device, $"takes at most {_world.Configuration.MtuMax}"));

    private Finding? TooLargeForProgram(int mtu) => Broken(
        PortClaims.MtuIsWithinLimits, $"the MTU is {mtu}, and a page with a program holds {_world.Configuration.PageSize - BytesBesideMtu}",
        Driver($"has a program and an MTU of {mtu}") with { Row = PortScene.Mtu }, new Party("a page", $"holds {_world.Configuration.PageSize - BytesBesideMtu} beside headroom and shared info"));

    private Finding? CoreIsWrong() => Broken(
        PortClaims.CoreIsRight, $"the core believes {Name(_driver.CoreProgram)} attached, and the port has {Name(_driver.Program)}",
        Core($"believes {Name(_driver.CoreProgram)} attached") with { Row = PortScene.CoreProgram }, Driver($"has {Name(_driver.Program)} at the port") with { Row = PortScene.PortProgram });

    private Finding? QueueRunsAnother(int queue) => Broken(
        PortClaims.CoreIsRight, $"queue {queue} runs {Name(_driver.ProgramOf(queue))}, and the port has {Name(_driver.Program)}",
        new Party($"queue {queue}", $"runs {Name(_driver.ProgramOf(queue))}") { Row = PortScene.QueueName(queue) }, Driver($"has {Name(_driver.Program)} at the port") with { Row = PortScene.PortProgram });

    private Finding? WrongUseCount(int users) => Broken(
        PortClaims.VportHasOneUser, $"the vport's use count is {_driver.UseCount}, and it has {Quantity.Of(users, "user")}",
        new Party("the use count", $"says {_driver.UseCount}") { Row = PortScene.Vport }, new Party("port and RDMA driver", $"count as {Quantity.Of(users, "user")}"));

    private Finding? Lent()
    {
        string when = _wasUnderWay ? "a request was under way" : $"the port was {_stateBefore}";
        return Broken(
            PortClaims.VportHasOneUser, $"the RDMA driver was given the vport while {when}",
            new Party("the RDMA driver", "has the vport") { Row = PortScene.Vport }, Driver($"needs it back: {when}") with { Row = PortScene.State });
    }

    private Finding? Bypassed(int place) => Broken(
        PortClaims.NothingBypasses, $"packet {_world.Stack[_world.Stack.HeldAt(place)].Serial} was handed up unseen by {Name(_driver.Program)}",
        Party.Of(Holder.Reader, $"has packet {_world.Stack[_world.Stack.HeldAt(place)].Serial}"), new Party(Name(_driver.Program), "is the port's, and never saw it") { Row = PortScene.PortProgram });

    private Finding? FailedByItself(int result) => Broken(
        PortClaims.RequestsSucceed, $"the request ended with {result}, and nothing failed in it",
        new Party("the user", "asked for something that was accepted, and no step of it failed"), Driver($"answers {result}"));

    private Finding? Changed(Parameters expected, Parameters found) => Broken(
        PortClaims.FailureChangesNothing, $"the port has {Name(found)}, and should have {Name(expected)}",
        new Party("the user", $"should have {Name(expected)}"), Driver($"has {Name(found)}"));

    private Finding? ListLeft() => Broken(
        PortClaims.AttemptIsUndone, $"the request has ended, and {Quantity.Of(_driver.Prepared, "page allocated before is", "pages allocated before are")} left",
        Driver("has ended the request"), new Party(Quantity.Of(_driver.Prepared, "page allocated before", "pages allocated before"), $"{(_driver.Prepared == 1 ? "is" : "are")} nobody's any more") { Row = PortScene.List });

    private Finding? Dead() => Broken(
        PortClaims.NoPortIsDead, "the request has ended, the port has no queues, and its net device is detached, so nobody can ask for anything",
        new Party("the user", "can ask for nothing: the net device is detached") { Row = PortScene.NetDevice }, Driver("has no queues, and nothing under way that would bring them back") with { Row = PortScene.State });

    private Finding? ForgottenUp()
    {
        string detail = _isToBeUp ? "the port was open before it was detached, and is not any more" : "the port was closed, and is open";
        return Broken(
            PortClaims.UpIsRemembered, detail,
            new Party("the user", _isToBeUp ? "opened the port, and never closed it" : "closed the port"), Driver(_isToBeUp ? "attached it without queues" : "opened it") with { Row = PortScene.State });
    }

    private Finding? NotReceiving(int queue, int posted)
    {
        string state = $"queue {queue} is {(_driver.QueueAt(queue) is null ? "not there" : "built")}, has {posted} of {Quantity.Of(_driver.RingSize, "buffer")} posted, and packets are {(_driver.IsSteering ? "" : "not ")}steered to it";
        return Broken(PortClaims.OpenPortReceives, $"the port is open; {state}", Driver("says that the port is open"), new Party("the device", $"sees that {state}") { Row = PortScene.QueueName(queue) });
    }

    private Finding? SomethingLeft()
    {
        string left = $"{Quantity.Of(_memory.LivePages, "page")}, {Quantity.Of(_memory.Mappings, "mapping")} and {Quantity.Of(_driver.WaitingPools, "waiting pool")}";
        return Broken(
            PortClaims.NothingLeft, $"the port has no queues and nothing is held; {left} are left",
            new Party("driver and readers", "have let go of everything"), new Party("the kernel", $"still has {left} of theirs"));
    }

    private Finding? SomethingHeld() => Broken(
        PortClaims.NothingLeft, $"there is no port; the vport has {Quantity.Of(_driver.UseCount, "user")}, and its last program {Quantity.Of(_driver.ReferencesOf(_driver.ProgramsAsked), "reference")}",
        Driver("is gone"), new Party("vport and program", $"have {Quantity.Of(_driver.UseCount, "user")} and {Quantity.Of(_driver.ReferencesOf(_driver.ProgramsAsked), "reference")}"));

    private static string Name(int program) => program == 0 ? "no program" : $"program {program}";

    private static string Name(Parameters of) => $"MTU {of.Mtu}, {Quantity.Of(of.RingSize, "buffer")} a queue, {Quantity.Of(of.Queues, "queue")}, {Name(of.Program)}";
}
