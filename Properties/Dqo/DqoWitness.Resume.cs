namespace RxVerify.Properties.Dqo;

/// <content>A witness that goes on in a state which was saved: what it remembers of the way there.</content>
public sealed partial class DqoWitness
{
    /// <summary>
    /// All that the checks of later steps take from earlier ones: how far the device's stream was read, and whether the failure of
    /// the packet begun was counted already. What else a step is compared with is noted when it begins.
    /// </summary>
    internal struct Past
    {
        public DqoReaders.Cut Readers;
        public int FailureCarried;
    }

    /// <summary>What is remembered; setting it goes on in the present state of the world.</summary>
    internal Past Remembered
    {
        get => new() { Readers = _readers.Present, FailureCarried = _failureCarried };
        set
        {
            _readers.Present = value.Readers;
            _failureCarried = value.FailureCarried;
            _misplacedWrite = null;

            // Where lists cannot be walked to their ends the last known places stay, which must not be those of another state.
            Array.Clear(_placeOf);
            _image.Look();
            WalkLists();
            _mustDecideAll = true;
        }
    }
}
