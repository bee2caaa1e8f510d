using RxVerify.Properties.Pictures;
using RxVerify.Tests.House;

namespace RxVerify.Tests.Pictures;

public sealed class DocumentsTests
{
    private const string Story = "tests/Dqo/Corpus/dqo-NeverWaits-I3-20261121.json";
    private const string Drawn = "docs/picture.svg";

    [Fact]
    public void The_picture_in_the_documents_is_that_of_the_stored_story()
    {
        string drawn = File.ReadAllText(Path.Combine(SourceTree.Root, Drawn));

        Assert.True(
            drawn == SvgPicture.Of(PictureSamples.Read(Story).Picture()),
            $"{Drawn} is of another version; draw it again: dotnet run -c Release --project Cli -- replay {Story} --svg {Drawn}");
    }
}
