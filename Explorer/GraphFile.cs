using System.Globalization;
using System.Text;
using System.Xml;

namespace RxVerify.Explorer;

/// <summary>A graph of states for other people's tools.</summary>
public static class GraphFile
{
    /// <summary>Most states that are written: a drawing of more is no help to anybody.</summary>
    public const int StatesMax = 10_000;

    /// <summary>As Graphviz reads it.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="nameOf">An operation in words.</param>
    public static string Dot(StateGraph graph, Func<int, string> nameOf)
    {
        var text = new StringBuilder("digraph states {\n  node [shape=circle];\n  0 [penwidth=3];\n");
        for (int state = 0; state < graph.States; state++)
        {
            if (graph.IsGood(state))
            {
                text.Append(CultureInfo.InvariantCulture, $"  {state} [style=filled];\n");
            }

            for (int place = 0; place < graph.Degree(state); place++)
            {
                var edge = graph.EdgeAt(state, place);
                text.Append(CultureInfo.InvariantCulture, $"  {state} -> {edge.To} [label=\"{nameOf(edge.Operation).Replace("\"", "\\\"", StringComparison.Ordinal)}\"];\n");
            }
        }

        return text.Append("}\n").ToString();
    }

    /// <summary>As yEd, Gephi and networkx read it (graphml.graphdrawing.org).</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="nameOf">An operation in words.</param>
    public static string GraphMl(StateGraph graph, Func<int, string> nameOf)
    {
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true }))
        {
            xml.WriteStartElement("graphml", "http://graphml.graphdrawing.org/xmlns");
            WriteKey(xml, "good", "node", "boolean");
            WriteKey(xml, "operation", "edge", "string");
            xml.WriteStartElement("graph");
            xml.WriteAttributeString("edgedefault", "directed");
            for (int state = 0; state < graph.States; state++)
            {
                xml.WriteStartElement("node");
                xml.WriteAttributeString("id", Id(state));
                WriteData(xml, "good", graph.IsGood(state) ? "true" : "false");
                xml.WriteEndElement();
            }

            for (int state = 0; state < graph.States; state++)
            {
                for (int place = 0; place < graph.Degree(state); place++)
                {
                    var edge = graph.EdgeAt(state, place);
                    xml.WriteStartElement("edge");
                    xml.WriteAttributeString("source", Id(state));
                    xml.WriteAttributeString("target", Id((int)edge.To));
                    WriteData(xml, "operation", nameOf(edge.Operation));
                    xml.WriteEndElement();
                }
            }
        }

        return text.Append('\n').ToString();
    }

    private static string Id(int state) => string.Create(CultureInfo.InvariantCulture, $"s{state}");

    private static void WriteKey(XmlWriter xml, string name, string of, string type)
    {
        xml.WriteStartElement("key");
        xml.WriteAttributeString("id", name);
        xml.WriteAttributeString("for", of);
        xml.WriteAttributeString("attr.name", name);
        xml.WriteAttributeString("attr.type", type);
        xml.WriteEndElement();
    }

    private static void WriteData(XmlWriter xml, string key, string value)
    {
        xml.WriteStartElement("data");
        xml.WriteAttributeString("key", key);
        xml.WriteString(value);
        xml.WriteEndElement();
    }
}
