
namespace RxVerify.Tests.Cli;

/// <summary>What is wrong ends in one line that names the place and what was expected, in exit code 2, and in no file.</summary>
public sealed class BadInputTests
{
    private const string Out = "OUT";

    [Theory]
    [InlineData("", "Required command was not provided")]
    [InlineData("verfiy", "'verfiy' is not known here")]
    [InlineData("verify --for soon", "--for is 'soon'; expected a time")]
    [InlineData("verify --for 0s", "--for is '0s'; expected a time")]
    [InlineData("verify --seed -1", "--seed is '-1'; expected a whole number")]
    [InlineData("verify --operations 0", "--operations is '0'; expected a whole number from 1")]
    [InlineData("verify --operations 5 --for 5s", "expected one of the two")]
    [InlineData("verify --operations 5 --json OUT/nowhere/v.json", "v.json: cannot be written; expected a file in a folder that exists")]
    [InlineData("verify --operations 5 --json OUT", "this is a folder; expected the name of a file")]
    [InlineData("verify --operations 5 --out OUT/empty.pcap", "this is a file; expected a folder")]
    [InlineData("fuzz", "Required command was not provided")]
    [InlineData("fuzz dqo --scope friendly", "friendly")]
    [InlineData("fuzz dqo --defect F-Z9", "--defect is 'F-Z9'; expected a name or id")]
    [InlineData("fuzz dqo --operations 5 --for 5s", "expected one of the two")]
    [InlineData("fuzz dqo --operations 5 --out OUT/nowhere/deeper", "the folder above it does not exist")]
    [InlineData("explore dqo --scope whole", "whole")]
    [InlineData("explore dqo --scope 1", "Must be one of")]
    [InlineData("explore dqo --scope hostile --symmetry pages", "symmetry is pages; expected none or all")]
    [InlineData("explore dqo --scope full --symmetry all --defect NeverWaits", "symmetry is all; expected none with a mistake")]
    [InlineData("explore dqo --scope full --configuration large", "--configuration is 'large'; expected one of scope full: usual, ")]
    [InlineData("explore dqo --configuration usual", "--configuration is for the whole driver; expected it with --scope full or hostile")]
    [InlineData("explore dqo --scope full --graph OUT/a.dot", "expected it with --scope core")]
    [InlineData("explore dqo --scope full --defect WaitsForAFullBatch", "shows in what happens in the end; expected --ends")]
    [InlineData("traffic", "Required argument missing for command: 'traffic'")]
    [InlineData("traffic OUT/missing.pcap --svg OUT/a.svg", "missing.pcap: there is no such file; expected a capture")]
    [InlineData("traffic OUT --svg OUT/a.svg", "this is a folder; expected a capture")]
    [InlineData("traffic OUT/empty.pcap --svg OUT/a.svg --json OUT/a.json", "empty.pcap: byte 0: an empty file; expected a capture in pcap or pcapng format")]
    [InlineData("traffic OUT/cut.pcap --svg OUT/a.svg --json OUT/a.json", "cut.pcap: byte ")]
    [InlineData("traffic SAMPLE --page-size 5000 --svg OUT/a.svg", "pageSize is 5000; expected 4096, 16384 or 65536")]
    [InlineData("traffic SAMPLE --page-size 0 --svg OUT/a.svg", "pageSize is 0; expected 4096, 16384 or 65536")]
    [InlineData("traffic SAMPLE --buffer-slots 100 --svg OUT/a.svg", "bufferSlots is 100; expected a power of two")]
    [InlineData("traffic SAMPLE --stack-capacity 70000", "stackCapacity is 70000; expected at most 65535")]
    [InlineData("traffic SAMPLE --hold-us 5 --hold-packets 5", "expected one of the two")]
    [InlineData("traffic SAMPLE --long-share 1.5", "--long-share is '1.5'; expected a number from 0 to 1")]
    [InlineData("traffic SAMPLE --long-share 1 --long-factor 0", "longFactor is 0; expected 1 to")]
    [InlineData("traffic SAMPLE --scheme pool", "pool")]
    [InlineData("traffic SAMPLE --scheme mana --buffer-slots 64", "--buffer-slots is for dqo; expected it with --scheme dqo")]
    [InlineData("traffic SAMPLE --scheme mana --page-list --svg OUT/a.svg", "--page-list is for dqo; expected it with --scheme dqo")]
    [InlineData("traffic SAMPLE --mtu 1500", "--mtu is for mana; expected it with --scheme mana")]
    [InlineData("traffic SAMPLE --program", "--program is for mana; expected it with --scheme mana")]
    [InlineData("traffic SAMPLE --scheme mana --defect NeverWaits", "--defect is 'NeverWaits'; expected a name or id that the verb defects lists for mana")]
    [InlineData("fuzz dqo --defect F-A13", "--defect is 'F-A13', the id of 2 mistakes; expected one of their names: ")]
    [InlineData("traffic SAMPLE --defect F-B4", "--defect is 'F-B4'; expected a name or id that the verb defects lists for dqo")]
    [InlineData("traffic SAMPLE --scheme mana --queue-size 100", "queueSize is 100; expected a power of two")]
    [InlineData("traffic SAMPLE --scheme mana --program --mtu 4000 --json OUT/a.json", "with a program a page of this size holds an MTU of at most 3506")]
    [InlineData("traffic SAMPLE --svg OUT", "this is a folder; expected the name of a file")]
    [InlineData("recording", "Required argument missing for command: 'recording'")]
    [InlineData("recording OUT/missing.txt --json OUT/a.json", "missing.txt: there is no such file; expected a recording of page_pool events")]
    [InlineData("recording OUT --svg OUT/a.svg", "this is a folder; expected a recording of page_pool events")]
    [InlineData("recording OUT/empty.pcap --svg OUT/a.svg --json OUT/a.json", "empty.pcap: line 1: the end, without one event of a page pool; expected text of tracefs trace")]
    [InlineData("recording SAMPLE --svg OUT/a.svg", "line ")]
    [InlineData("recording OUT/empty.pcap OUT/empty.pcap --svg OUT/a.svg", "--svg shows one recording; expected one FILE, not 2")]
    [InlineData("layout --mtu 67", "mtu is 67; expected 68 to 65535")]
    [InlineData("layout --mtu big", "--mtu is 'big'; expected a whole number from 0")]
    [InlineData("layout --page-size 8192 --json OUT/l.json", "pageSize is 8192; expected 4096, 16384 or 65536")]
    [InlineData("layout --queue-size 500", "queueSize is 500; expected a power of two from 128 to 8192")]
    [InlineData("layout --alignment 3", "cacheAlignment is 3; expected a power of two from 1 to 128")]
    [InlineData("layout --mtu 4000 --xdp --json OUT/l.json", "refused with -EOPNOTSUPP; with a program a page of this size holds an MTU of at most 3506")]
    [InlineData("layout --json OUT/nowhere/l.json", "l.json: cannot be written")]
    [InlineData("machine nobody", "machine is 'nobody'; expected dqo-buffer, mana-buffer, dqo-queue, mana-queue, port, xdp, transition")]
    [InlineData("machine port --format svg", "--format is 'svg'; expected table, mermaid, dot")]
    [InlineData("replay", "Required argument missing for command: 'replay'")]
    [InlineData("replay OUT/missing.json", "missing.json: there is no such file; expected a stored counterexample")]
    [InlineData("replay OUT", "this is a folder; expected a stored counterexample")]
    [InlineData("replay OUT/empty.pcap", "empty.pcap:1: ")]
    [InlineData("replay OUT/good.json OUT/damaged.json", "damaged.json:")]
    [InlineData("replay OUT/illegal.json", "illegal.json: operation 1 (release the first packet held) is not allowed where it stands")]
    [InlineData("replay OUT/good.json --html OUT/nowhere/p.html", "--html ")]
    [InlineData("replay OUT/good.json --svg OUT", "this is a folder; expected the name of a file")]
    [InlineData("replay OUT/good.json OUT/good.json --html OUT/p.html", "2 files are given; expected one file")]
    [InlineData("replay OUT/illegal.json --html OUT/p.html --svg OUT/p.svg", "is not allowed where it stands")]
    [InlineData("verify --operations 1 --report OUT/good.json", "good.json: this is a file; expected a folder")]
    [InlineData("verify --operations 1 --report OUT/good.json/report", "cannot be made; expected a place that may be written to")]
    [InlineData("defects --json OUT/nowhere/d.json", "d.json: cannot be written")]
    [InlineData("defects --colour", "'--colour' is not known here")]
    public async Task Bad_input_ends_in_one_line(string line, string expected)
    {
        using var folder = new CommandLine();
        byte[] sample = await File.ReadAllBytesAsync(CommandLine.Sample);
        await File.WriteAllBytesAsync(folder["cut.pcap"], sample[..100_000]);
        folder.Put("empty.pcap", "");
        string good = folder.Put("good.json", StoredStories.NeverWaits().Json());
        folder.Put("damaged.json", (await File.ReadAllTextAsync(good)).Replace("\"pageSize\"", "\"pageSise\"", StringComparison.Ordinal));
        folder.Put("illegal.json", StoredStories.Illegal().Json());
        string[] before = folder.Files();

        var ended = await CommandLine.Run(
        [
            .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(word => word.Replace(Out, folder.Folder, StringComparison.Ordinal).Replace("SAMPLE", CommandLine.Sample, StringComparison.Ordinal)),
        ]);

        Assert.Equal(2, ended.Code);
        Assert.Contains(expected, ended.Error, StringComparison.Ordinal);
        Assert.StartsWith("rxverify: ", ended.Error, StringComparison.Ordinal);
        Assert.Equal(1, ended.Error.Count(letter => letter == '\n'));
        Assert.EndsWith("\n", ended.Error, StringComparison.Ordinal);
        Assert.Equal(before, folder.Files());
    }
}
