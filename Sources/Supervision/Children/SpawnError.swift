import Foundation

/// A process or a pipe could not be made.
struct SpawnError: Error, CustomStringConvertible {
    let what: String
    let errorNumber: Int32

    var description: String { "\(what): \(String(cString: strerror(errorNumber)))" }
}
