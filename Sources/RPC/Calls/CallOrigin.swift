/// What all calls over one connection have in common.
struct CallOrigin {
    /// The address that they come from.
    var peer = "unknown"
    /// What is remembered of those who called before; nil where there is no connection.
    var callers: RememberedCallers?
}
