namespace RxVerify.Tests.House;

/// <summary>An assertion that shows everything it found, one a line, instead of the first few.</summary>
internal static class Nothing
{
    public static void In(IEnumerable<string> faults)
    {
        var found = faults.ToList();
        Assert.True(found.Count == 0, string.Join('\n', found.Prepend($"{found.Count} found:")));
    }
}
