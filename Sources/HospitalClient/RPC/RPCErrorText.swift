import FieldChecks
import RPC

/// A refusal as a person reads it: the code, the sentence, and every field at fault on a line of its own.
public struct RPCErrorText: CustomStringConvertible {
    private let error: RPCError

    public init(_ error: RPCError) {
        self.error = error
    }

    public var description: String {
        let violations = error.violations.map { "\n  \($0.field): \($0.message)" }
        return "Error: \(error)\(violations.joined())"
    }
}
