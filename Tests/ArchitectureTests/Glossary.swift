import Foundation

/// The words of Protos/GLOSSARY.md that a machine can hold the code to.
struct Glossary {
    /// Words that are not said any more.
    let retired: [String]

    static var ofThisPackage: Glossary {
        get throws {
            let file = SourceTree.rootOfThisPackage.appending(path: "Protos/GLOSSARY.md")
            return Glossary(text: try String(contentsOf: file, encoding: .utf8))
        }
    }

    init(text: String) {
        retired = Glossary.names(under: "Said otherwise now", in: text)
    }

    /// What stands in code type in the first column of a section's table.
    private static func names(under title: String, in text: String) -> [String] {
        let section = text.components(separatedBy: "\n## ").first { $0.hasPrefix(title) } ?? ""
        return section.split(separator: "\n").compactMap { row in
            guard row.hasPrefix("| `") else { return nil }
            return row.dropFirst(3).split(separator: "`").first.map(String.init)
        }
    }
}
