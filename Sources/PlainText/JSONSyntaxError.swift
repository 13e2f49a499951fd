/// The text is no JSON document.
public struct JSONSyntaxError: Error, CustomStringConvertible {
    public let reason: String
    public var description: String { "not valid JSON: \(reason)" }
}
