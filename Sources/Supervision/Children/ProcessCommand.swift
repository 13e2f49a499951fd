import ServiceKit

/// A program that is kept running.
public struct ProcessCommand: Sendable {
    /// What it is called in tables and logs: `patient`.
    public let name: String
    public let executable: String
    public let arguments: [String]
    /// Added to the environment of the parent.
    public let environment: [String: String]
    /// What it inherits beside its three standard streams. They outlive it, and its next start gets them too.
    let descriptors: [(name: InheritedDescriptors.Name, descriptor: SharedDescriptor)]

    init(
        name: String, executable: String, arguments: [String], environment: [String: String] = [:],
        descriptors: [(name: InheritedDescriptors.Name, descriptor: SharedDescriptor)] = []
    ) {
        self.name = name
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.descriptors = descriptors
    }

    /// Lets go of its listening socket: while it drains nobody shall queue for it in vain. Its lock stays.
    func stopListening() {
        for (name, descriptor) in descriptors where name != .lock { descriptor.close() }
    }
}
