/// Which of the known names somebody may have meant who wrote another.
enum Spelling {
    /// More changes than this make another word.
    private static let furthest = 2

    /// `; did you mean --data?`, or nothing where no name is near.
    static func question(_ word: String, among known: [String]) -> String {
        nearest(to: word, among: known).map { "; did you mean \($0)?" } ?? ""
    }

    static func nearest(to word: String, among known: [String]) -> String? {
        let distances = known.map { (name: $0, distance: distance(Array(word.utf8.prefix(128)), Array($0.utf8))) }
        guard let best = distances.min(by: { $0.distance < $1.distance }), best.distance <= furthest else { return nil }
        return best.name
    }

    /// How many letters have to be added, left out or changed (Levenshtein).
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var previous = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                let changed = previous[column] + (letter == other ? 0 : 1)
                current.append(min(changed, previous[column + 1] + 1, current[column] + 1))
            }
            previous = current
        }
        return previous[right.count]
    }
}
