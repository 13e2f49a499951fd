import Foundation

/// One Swift file as these tests read it.
struct SourceFile {
    /// From the package's root: `Sources/RPC/Frame.swift`.
    let path: String
    let lines: [String]

    var name: String { String(path.split(separator: "/").last ?? "") }

    /// The folder below Sources, Tests or Generated: the target.
    var room: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }

    var imports: Set<String> {
        Set(
            lines.compactMap { line in
                let words = line.split(separator: " ")
                guard let position = words.firstIndex(of: "import"), position <= 2, !line.hasPrefix("//"), words.count > position + 1 else {
                    return nil
                }
                let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "typealias", "var", "let"]
                let named = kinds.contains(words[position + 1]) && words.count > position + 2 ? words[position + 2] : words[position + 1]
                return named.split(separator: ".").first.map(String.init)
            })
    }

    /// The lines that are not comments, without the comments behind them.
    var code: [String] {
        lines.filter { !$0.drop(while: \.isWhitespace).hasPrefix("//") }.map { line in
            line.range(of: " // ").map { String(line[..<$0.lowerBound]) } ?? line
        }
    }
}

/// The files of the package, read once.
struct SourceTree {
    let all: [SourceFile]

    static let rootOfThisPackage = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let ofThisPackage = SourceTree(root: rootOfThisPackage)

    init(root: URL) {
        all = ["Sources", "Tests", "Generated"].flatMap { (folder: String) -> [SourceFile] in
            let base = root.appending(path: folder)
            let names = FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
            return names.filter { $0.hasSuffix(".swift") }.sorted().compactMap { (name: String) -> SourceFile? in
                guard let text = try? String(contentsOf: base.appending(path: name), encoding: .utf8) else { return nil }
                return SourceFile(path: "\(folder)/\(name)", lines: text.components(separatedBy: "\n"))
            }
        }
    }

    func files(in folder: String) -> [SourceFile] {
        all.filter { $0.path.hasPrefix(folder + "/") }
    }

    func rooms(in folder: String) -> [String] {
        Set(files(in: folder).map(\.room)).sorted()
    }
}

extension String {
    /// Whether `word` stands in the line on its own, not as part of a longer name.
    ///
    /// - Parameter mayFollow: before what, letters too, the word may stand: for members, which follow what has them.
    func containsWord(_ word: String, after mayFollow: (Character) -> Bool = { _ in false }) -> Bool {
        var rest = self[...]
        while let range = rest.range(of: word) {
            let before = range.lowerBound == startIndex ? nil : self[index(before: range.lowerBound)]
            let after = range.upperBound == endIndex ? nil : self[range.upperBound]
            let isName: (Character?) -> Bool = { $0.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false }
            let isFree = !isName(before) || before.map(mayFollow) == true
            if isFree && (!isName(after) || word.hasSuffix("(")) { return true }
            rest = self[range.upperBound...]
        }
        return false
    }
}
