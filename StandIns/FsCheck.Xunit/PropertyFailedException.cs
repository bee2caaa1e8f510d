namespace FsCheck.Xunit;

/// <summary>A property did not hold, or could not be tried often enough.</summary>
/// <param name="message">The shrunk counterexample and how to repeat it.</param>
/// <param name="innerException">What the failing case threw.</param>
public sealed class PropertyFailedException(string message, Exception? innerException) : Exception(message, innerException);
