/// One record of a CSV file as it stood there, and what is wrong with it, if anything.
public struct CSVRow: Hashable, Sendable {
    /// The line of the file on which the record begins, counted from 1.
    public let line: Int
    /// The values, unquoted. Of a broken record whatever could be made out, invalid UTF-8 replaced.
    public let fields: [String]
    public let problem: CSVProblem?
    /// The bytes of the record as they stood in the file, without the line break behind them. Of a broken record its first
    /// line, as far as `CSVLimits.rowBytes` reaches.
    public let raw: [UInt8]

    public init(line: Int, fields: [String], problem: CSVProblem? = nil, raw: [UInt8] = []) {
        self.line = line
        self.fields = fields
        self.problem = problem
        self.raw = raw
    }
}
