/// Names of metadata that the runtime itself reads or writes.
public enum MetadataName {
    /// `Bearer <token>`.
    public static let authorization = "authorization"
    public static let idempotencyKey = "idempotency-key"
    public static let correlationID = "x-correlation-id"
    /// Where a person's request came from, as the REST shim tells it.
    public static let clientAddress = "x-client-address"
    /// What other systems have written beside the trace, as ``TraceState`` bounds it.
    public static let traceState = "tracestate"
    /// Why a person says that he needs what he asks for.
    public static let accessReason = "x-access-reason"
}
