/// How much of a file one field and one record may take.
public struct CSVLimits: Hashable, Sendable {
    public var fieldBytes: Int
    public var rowBytes: Int

    public init(fieldBytes: Int = 64 * 1024, rowBytes: Int = 1024 * 1024) {
        self.fieldBytes = fieldBytes
        self.rowBytes = rowBytes
    }
}
