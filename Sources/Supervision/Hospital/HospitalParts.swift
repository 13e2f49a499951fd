public import Logging
public import ServiceKit

/// What every run of a hospital needs beside its plan.
public struct HospitalParts: Sendable {
    let program: HospitalProgram
    public let signer: TokenSigner
    let drainGrace: Duration
    let logLevel: Logger.Level
    let atOnce: StopRequest
    let announce: @Sendable (String) -> Void

    /// - Parameters:
    ///   - drainGrace: how long a process may take to stop before it is killed.
    ///   - atOnce: asks for an end that nobody waits for.
    ///   - announce: shows people how far the start has come, a line each time.
    public init(
        program: HospitalProgram, signer: TokenSigner, drainGrace: Duration, logLevel: Logger.Level = .info,
        atOnce: StopRequest = StopRequest(), announce: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.program = program
        self.signer = signer
        self.drainGrace = drainGrace
        self.logLevel = logLevel
        self.atOnce = atOnce
        self.announce = announce
    }

    public func logger(_ service: String) -> Logger { .hospital(service: service, level: logLevel) }
}
