using System.Globalization;
using System.Text;
using System.Xml;

namespace RxVerify.Explorer;

/// <summary>
/// A graph of states for other people's tools. States whose steps are not shown, since the walk ended before them or there are
/// too many, are marked where a step leads there.
/// </summary>
public static class GraphFile
{
    /// <summary>Most states whose steps are written, the nearest: a drawing of more is no help to anybody.</summary>
    public const int StatesMax = 10_000;

    /// <summary>As Graphviz reads it.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="nameOf">An operation in words.</param>
    public static string Dot(StateGraph graph, Func<int, string> nameOf)
    {
        var text = new StringBuilder("digraph states {\n  node [shape=circle];\n  0 [penwidth=3];\n");
        int shown = Shown(graph);
        for (int state = 0; state < shown; state++)
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

        for (int state = shown; state < Nodes(graph, shown); state++)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {state} [style=dashed];\n");
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
            int shown = Shown(graph);
            WriteKey(xml, "good", "node", "boolean");
            WriteKey(xml, "expanded", "node", "boolean");
            WriteKey(xml, "operation", "edge", "string");
            xml.WriteStartElement("graph");
            xml.WriteAttributeString("edgedefault", "directed");
            for (int state = 0; state < Nodes(graph, shown); state++)
            {
                xml.WriteStartElement("node");
                xml.WriteAttributeString("id", Id(state));
                if (state < shown)
                {
                    WriteData(xml, "good", graph.IsGood(state) ? "true" : "false");
                }

                WriteData(xml, "expanded", state < shown ? "true" : "false");
                xml.WriteEndElement();
            }

            for (int state = 0; state < shown; state++)
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

    private static int Shown(StateGraph graph) => Math.Min(graph.States, StatesMax);

    /// <summary>States shown and those that their steps lead to, which have the next numbers: states are numbered as they are reached.</summary>
    private static int Nodes(StateGraph graph, int shown)
    {
        int nodes = Math.Max(1, shown);
        for (int state = 0; state < shown; state++)
        {
            for (int place = 0; place < graph.Degree(state); place++)
            {
                nodes = Math.Max(nodes, (int)graph.EdgeAt(state, place).To + 1);
            }
        }

        return nodes;
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
