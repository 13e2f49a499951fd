import Foundation

/// The tree of rooms as README.md shows it to a newcomer.
struct ReadmeTree {
    /// Folders from the package's root, as the tree has them: `Sources/RPC/Frames`.
    let folders: Set<String>

    /// Lines of the block under “The tree”: folders at the edge end in a slash, rooms are indented by two and their folders
    /// by four, each line's names separated by one space, what they hold by two; what is indented further goes on with it.
    init(markdown: String) {
        var folders: Set<String> = []
        var path: [String] = []
        for line in Self.block(of: markdown) {
            let depth = line.prefix { $0 == " " }.count / 2
            let names = line.drop { $0 == " " }.components(separatedBy: "  ")[0].split(separator: " ").map(String.init)
            guard depth <= 2, depth <= path.count, let last = names.last else { continue }
            guard depth > 0 || last.hasSuffix("/") else { continue }
            let above = path.prefix(depth).joined(separator: "/")
            let found = names.map { name in (above.isEmpty ? "" : above + "/") + (name.hasSuffix("/") ? String(name.dropLast()) : name) }
            folders.formUnion(found)
            path = Array(path.prefix(depth)) + [String(found[found.count - 1].split(separator: "/").last ?? "")]
        }
        self.folders = folders
    }

    /// The rooms below a folder: `Sources`, `Tests`.
    func rooms(below folder: String) -> Set<String> {
        let parts = folders.map { $0.split(separator: "/").map(String.init) }
        return Set(parts.compactMap { $0.count == 2 && $0[0] == folder ? $0[1] : nil })
    }

    private static func block(of markdown: String) -> [Substring] {
        let lines = markdown.split(separator: "\n", omittingEmptySubsequences: false)
        let tree = lines.drop { $0 != "## The tree" }
        return Array(tree.drop { !$0.hasPrefix("```") }.dropFirst().prefix { !$0.hasPrefix("```") })
    }
}
