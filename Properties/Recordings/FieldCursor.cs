using System.Buffers.Text;

namespace RxVerify.Properties.Recordings;

/// <summary>Takes "name=value" fields off the front of a text, in the order of a tracepoint's format (C.6).</summary>
internal ref struct FieldCursor(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;
    private bool _isBroken;

    /// <summary>Whether every field asked for was there, and nothing else is.</summary>
    public readonly bool IsComplete => !_isBroken && _rest.TrimEnd((byte)' ').IsEmpty;

    /// <summary>Whether a field of this name, with its equals sign, comes next.</summary>
    public readonly bool IsNext(ReadOnlySpan<byte> name) => _rest.TrimStart((byte)' ').StartsWith(name);

    /// <summary>A number to base sixteen, with or without 0x: addresses, and frame numbers since 6.0.</summary>
    public ulong Hex(ReadOnlySpan<byte> name)
    {
        Begin(name);
        if (_rest.StartsWith("0x"u8))
        {
            _rest = _rest[2..];
        }

        bool isRead = Utf8Parser.TryParse(_rest, out ulong value, out int digits, 'x');
        Taken(digits, isRead);
        return value;
    }

    /// <summary>A frame number: to base sixteen with 0x since 6.0, to base ten before.</summary>
    public ulong Frame(ReadOnlySpan<byte> name) =>
        _rest.TrimStart((byte)' ') is var rest && rest.StartsWith(name) && !rest[name.Length..].StartsWith("0x"u8) ? Decimal(name) : Hex(name);

    /// <summary>A number to base ten that is not below zero.</summary>
    public ulong Decimal(ReadOnlySpan<byte> name)
    {
        Begin(name);
        bool isRead = Utf8Parser.TryParse(_rest, out ulong value, out int digits) && _rest[0] != '+';
        Taken(digits, isRead);
        return value;
    }

    /// <summary>The same, of 32 bits.</summary>
    public uint Count(ReadOnlySpan<byte> name)
    {
        ulong value = Decimal(name);
        _isBroken |= value > uint.MaxValue;
        return (uint)value;
    }

    /// <summary>A number to base ten with a sign where it is below zero.</summary>
    public int Signed(ReadOnlySpan<byte> name)
    {
        Begin(name);
        bool isRead = Utf8Parser.TryParse(_rest, out int value, out int digits) && _rest[0] != '+';
        Taken(digits, isRead);
        return value;
    }

    private void Begin(ReadOnlySpan<byte> name)
    {
        _rest = _rest.TrimStart((byte)' ');
        _isBroken |= !_rest.StartsWith(name);
        _rest = _isBroken ? default : _rest[name.Length..];
    }

    /// <summary>A value ends at a space, at the comma that 6.12 prints behind is_net_iov, or with the line.</summary>
    private void Taken(int digits, bool isRead)
    {
        bool isEnded = digits <= _rest.Length && (digits == _rest.Length || _rest[digits] is (byte)' ' or (byte)',');
        if (_isBroken || !isRead || !isEnded)
        {
            _isBroken = true;
            _rest = default;
            return;
        }

        _rest = _rest[digits..];
        _rest = _rest is [(byte)',', (byte)' ', ..] ? _rest[1..] : _rest;
    }
}
