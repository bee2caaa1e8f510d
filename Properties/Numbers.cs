namespace RxVerify.Properties;

/// <summary>Smaller numbers to try in place of a number, the smallest first.</summary>
internal static class Numbers
{
    /// <summary>The least one, then ever nearer ones, each half as far away, so that the smallest that will do is found in few tries.</summary>
    public static IEnumerable<int> Below(int value, int least)
    {
        for (int distance = value - least; distance > 0; distance /= 2)
        {
            yield return value - distance;
        }
    }
}
