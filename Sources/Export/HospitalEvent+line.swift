public import Contracts
import ProtobufJSON

extension HospitalEvent {
    /// As a webhook is posted it: one JSON document.
    public func jsonLine() throws -> String {
        String(decoding: try json(), as: UTF8.self)
    }
}
