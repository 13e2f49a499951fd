/// Columns of text under their titles, for people.
public struct TextTable: Sendable, CustomStringConvertible {
    private var rows: [[String]]

    public init(_ titles: String...) {
        rows = [titles]
    }

    public mutating func add(_ cells: String...) {
        rows.append(cells)
    }

    public var description: String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
            return cells.joined(separator: "  ").trimmingSpaces
        }.joined(separator: "\n")
    }
}
