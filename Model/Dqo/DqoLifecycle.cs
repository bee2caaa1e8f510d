using System.Collections.Immutable;
using System.Runtime.InteropServices;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Model.Dqo;

/// <summary>The driver builds a queue and takes it down (A.5.8).</summary>
internal static class DqoLifecycle
{
    /// <summary>The last step of queue memory without a page list: 0 state array, 1 completion ring, 2 buffer ring, 3 queue resources.</summary>
    internal const int ResourcesStep = 3;

    /// <summary>The last step of queue memory with a page list: the list itself, before any of its pages.</summary>
    internal const int PageListStep = 4;

    /// <summary>Allocates the queue, with a page list all its pages, and fills it; when queue memory fails, nothing is left (A.5.8).</summary>
    internal static DqoStep Create(DqoModel world, DqoOperation operation)
    {
        if (operation.Fault is DqoFault.Ring)
        {
            return DqoStep.Quiet(world, DqoOutcome.OutOfMemory);
        }

        var configuration = world.Configuration;
        var queue = new DqoQueueModel
        {
            Buffers = ImmutableCollectionsMarshal.AsImmutableArray(new DqoBuffer[configuration.BufferStates]),
            Free = ImmutableArray.CreateRange(Enumerable.Range(0, configuration.BufferStates)),
        };
        if (configuration.QueuePageList)
        {
            // All pages of the list are born here, whether a buffer will ever use them or not (A.9.2).
            queue = queue with { NextListPage = new PageId(world.PagesBorn + 1) };
            world = world with { PagesBorn = world.PagesBorn + configuration.BufferStates };
        }

        return DqoFilling.Fill(world with { Queue = queue }, limit: int.MaxValue, operation);
    }

    /// <summary>Pages lose the driver's references; the packet under assembly, buffers and completions are forgotten; packets held stay.</summary>
    internal static DqoStep Teardown(DqoModel world)
    {
        var pages = 0;
        foreach (var buffer in world.Queue!.Buffers)
        {
            if (buffer.Page != PageId.None)
            {
                pages++;
            }
        }

        return DqoStep.Quiet(world with { Queue = null }, pages);
    }
}
