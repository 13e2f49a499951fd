import Foundation

extension SourceFile {
    /// The types that the file declares at its edge, for its room or for everybody.
    var topLevelTypes: [String] {
        lines.compactMap { line in
            guard let first = line.first, !first.isWhitespace, first != "/" else { return nil }
            let words = line.split(separator: " ").drop { $0.hasPrefix("@") || Self.modifiers.contains($0) }
            guard let kind = words.first, Self.kinds.contains(kind), let name = words.dropFirst().first else { return nil }
            return String(name.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
        }
    }

    private static let modifiers: Set<Substring> = ["public", "package", "internal", "final", "indirect", "nonisolated"]
    private static let kinds: Set<Substring> = ["struct", "class", "enum", "actor", "protocol", "typealias"]

    /// The lines, counted from 1, whose `catch` has nothing between its braces, not even a comment.
    var silentCatches: [Int] {
        lines.indices.filter { index in
            let line = lines[index]
            guard line.containsWord("catch"), !line.drop(while: \.isWhitespace).hasPrefix("//") else { return false }
            guard let word = line.range(of: "catch"), let brace = line[word.upperBound...].firstIndex(of: "{") else { return false }
            let rest = ([String(line[line.index(after: brace)...])] + lines[(index + 1)...].prefix(3)).joined(separator: "\n")
            return rest.first { !$0.isWhitespace } == "}"
        }.map { $0 + 1 }
    }

    /// The lines, counted from 1, that do nothing with an error but drop it, and say nothing of it in the two lines above.
    var droppedErrors: [Int] {
        lines.indices.filter { index in
            let text = lines[index].drop(while: \.isWhitespace)
            guard text.hasPrefix("try? ") || text.hasPrefix("_ = try? ") else { return false }
            return !lines[max(0, index - 2)..<index].contains { $0.drop(while: \.isWhitespace).hasPrefix("//") }
        }.map { $0 + 1 }
    }
}
