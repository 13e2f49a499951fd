/// Some rows of a list, and where it goes on.
public struct Page<Row: Sendable>: Sendable {
    public let rows: ArraySlice<Row>
    /// Empty where nothing follows.
    public let nextToken: String

    public static var empty: Page { Page(rows: [], nextToken: "") }
}
