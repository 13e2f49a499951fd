public import Contracts
public import Logging
public import RPC
import ServiceKit

/// The services of a hospital, called over RPC with one caller's token.
///
/// It connects when something is called, and again where a connection breaks. What is safe to repeat is repeated within the
/// call's timeout. Every call that creates or changes something has an idempotency key, made here where the caller gives none,
/// and so happens once.
public struct RemoteHospital: Sendable {
    public let patient: PatientServiceClient
    public let doctor: DoctorServiceClient
    public let appointment: AppointmentServiceClient
    public let billing: BillingServiceClient
    public let payment: PaymentServiceClient
    public let prescription: PrescriptionServiceClient
    public let notification: NotificationServiceClient

    /// Over channels of one's own: what tests put in the place of a hospital.
    ///
    /// - Parameter channel: the way to the service of this name: `patient`.
    public init(channel: (_ service: String) throws -> any RPCChannel) rethrows {
        patient = PatientServiceClient(try channel("patient"))
        doctor = DoctorServiceClient(try channel("doctor"))
        appointment = AppointmentServiceClient(try channel("appointment"))
        billing = BillingServiceClient(try channel("billing"))
        payment = PaymentServiceClient(try channel("payment"))
        prescription = PrescriptionServiceClient(try channel("prescription"))
        notification = NotificationServiceClient(try channel("notification"))
    }

    /// Lends the services of a hospital, and closes the connections afterwards.
    ///
    /// - Parameters:
    ///   - addresses: where they are.
    ///   - token: gives a bearer token. It is asked before every call, so that a token can be renewed.
    ///   - tls: what is shown to the service of this name, and whom it has to be; nil where they speak in clear text.
    ///   - logger: is told of connections; nobody is, where there is none.
    public static func connect<Result>(
        to addresses: ServiceAddresses, token: @escaping @Sendable () -> String,
        tls: ((_ service: String) throws -> ClientTLS)? = nil, logger: Logger? = nil, _ body: (RemoteHospital) async throws -> Result
    ) async throws -> Result {
        var clients: [RPCClient] = []
        let silent = Logger(label: "hospital-client") { _ in SwiftLogNoOpLogHandler() }
        let hospital = try RemoteHospital { service in
            var options = RPCClientOptions()
            options.tls = try tls?(service)
            options.contractFingerprint = Contracts.fingerprint
            let address = try addresses.address(of: service)
            let client = RPCClient(host: address.host, port: address.port, options: options, logger: logger ?? silent)
            clients.append(client)
            return CallersChannel(client, token: token)
        }
        do {
            let result = try await body(hospital)
            for client in clients { await client.close() }
            return result
        } catch {
            for client in clients { await client.close() }
            throw error
        }
    }
}
