/// What a process proves with who it is, and by whom others must be vouched for. All of it is PEM.
public struct TLSMaterial: Sendable {
    /// The process's own certificate first, then those between it and a trusted authority.
    public var certificates: [UInt8]
    public var privateKey: [UInt8]
    /// The authorities that vouch for peers. Empty where peers are not asked who they are.
    public var trustRoots: [UInt8]

    public init(certificates: [UInt8], privateKey: [UInt8], trustRoots: [UInt8] = []) {
        self.certificates = certificates
        self.privateKey = privateKey
        self.trustRoots = trustRoots
    }
}

/// Where ``TLSMaterial`` comes from, and comes anew when it was replaced.
public protocol TLSMaterialSource: Sendable {
    /// Where it lies, for messages about it.
    var place: String { get }

    /// The material as it is now; nil where it hasn't changed since it was last read.
    func readIfChanged() throws -> TLSMaterial?
}
