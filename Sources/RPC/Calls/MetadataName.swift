/// Names of metadata that the runtime itself reads or writes.
public enum MetadataName {
    /// `Bearer <token>`.
    public static let authorization = "authorization"
    public static let idempotencyKey = "idempotency-key"
    public static let correlationID = "x-correlation-id"
}
