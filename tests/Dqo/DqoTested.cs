using RxVerify.Properties;
using RxVerify.Properties.Dqo;
using RxVerify.Tests.EveryScheme;

namespace RxVerify.Tests.Dqo;

/// <summary>DQO, for the tests of every scheme.</summary>
public sealed class DqoTested : ITestedScheme
{
    public static Scheme Scheme => DqoScheme.All;

    public static string Folder => "Dqo";
}

public sealed class DqoCorpusTests : CorpusTests<DqoTested>;
