using System.Text.RegularExpressions;

namespace RxVerify.Tests.House;

/// <summary>
/// The paragraphs, invariants and defects that code may cite. The facts themselves are not in the repository; this is their table
/// of contents: A is DQO, B is MANA, C is the page pool, D the corpus of published bugs, F the catalogue of planted defects.
/// </summary>
internal static partial class CitedParagraphs
{
    private const int Patience = 10_000; // ms, for one line

    // A group of digits and dots after A., B. or C.; A-D, B-D; F-A, F-B, F-C; D-; and, in comments, I and P.
    [GeneratedRegex(@"(?<![\w.\\-])(?:[ABC]\.\d+(?:\.\d+)*|[AB]-D\d+|F-[ABC]\d+|D-\d+)", RegexOptions.None, Patience)]
    public static partial Regex Anywhere();

    [GeneratedRegex(@"(?<![\w.<""-])I\d{1,2}(?![\w.]*\()\b", RegexOptions.None, Patience)]
    public static partial Regex InvariantInComment();

    [GeneratedRegex(
        """
        ^(?:
          # A.1 structures, A.2 constants, A.3 descriptors, A.6 life, A.7 invariants, A.8 defects
          A\.[123678]
          # A.4.1 to A.4.9; allocating a page has four steps
        | A\.4(?:\.(?:[1-9]|7\.[1-4]))?
          # A.5.1 to A.5.8 with the steps of each
        | A\.5
        | A\.5\.1(?:\.[1-5])?
        | A\.5\.2(?:\.(?:[1-4]|2\.[1-4]))?
        | A\.5\.3(?:\.[1-5])?
        | A\.5\.4(?:\.[1-3])?
        | A\.5\.5(?:\.(?:[1-7]|6\.[12]))?
        | A\.5\.6(?:\.[1-3])?
        | A\.5\.7(?:\.(?:[12]|1\.[1-8]))?
        | A\.5\.8
          # A.9 later evolution
        | A\.9(?:\.[1-8])?
        | A-D(?:[1-9]|1[0-4])
        | I(?:[1-9]|1[01])
          # B.1 to B.7; B.2 has three steps and a table, B.4 twelve functions of up to eight steps
        | B\.[1-7]
        | B\.2\.[1-3]
        | B\.4\.(?:[1-9]|1[0-2])(?:\.[1-8])?
        | B\.7\.1
          # C.1 to C.8; C.3.3 has four steps
        | C\.[1-8](?:\.[1-9])?
        | C\.3\.3\.[1-4]
          # the corpus and the catalogue
        | D-(?:[1-9]|[1-9]\d|10\d|11[01])
        | F-A(?:[1-9]|1\d|2[0-6])
        | F-B(?:[1-9]|1\d|2[0-6])
        | F-C(?:[1-9]|1\d|20)
        )$
        """,
        RegexOptions.IgnorePatternWhitespace,
        Patience)]
    public static partial Regex Valid();
}
