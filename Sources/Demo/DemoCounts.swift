/// What has happened in the demo hospital.
public struct DemoCounts: Hashable, Sendable, CustomStringConvertible {
    public internal(set) var doctors = 0
    public internal(set) var patients = 0
    public internal(set) var appointments = 0
    public internal(set) var seen = 0
    public internal(set) var cancelled = 0
    public internal(set) var missed = 0
    public internal(set) var payments = 0
    public internal(set) var refunds = 0
    public internal(set) var prescriptions = 0

    public var description: String {
        """
        \(doctors) doctors, \(patients) patients, \(appointments) appointments (\(seen) seen, \(cancelled) cancelled, \
        \(missed) missed), \(payments) payments, \(refunds) refunds, \(prescriptions) prescriptions
        """
    }
}
