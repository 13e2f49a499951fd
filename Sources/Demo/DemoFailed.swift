/// The demo hospital could not be filled in.
public struct DemoFailed: Error, CustomStringConvertible {
    public let reason: String
    public var description: String { "could not fill in the demo hospital: \(reason)" }
}
