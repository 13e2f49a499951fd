public import Vocabulary

/// The weekly working hours of a doctor: by weekday, then by start, no two overlapping.
///
/// Stretches that touch, 09:00–13:00 and 13:00–18:00, stay two.
public struct Schedule: Hashable, Sendable {
    public let workingHours: [WorkingHours]

    /// What a doctor works until somebody sets his hours: the clinic's, on every day.
    public static let `default` = Schedule(ordered: ClinicHours.everyDay)

    /// The stretches in any order, or every one that is wrong.
    ///
    /// - Throws: `INVALID_ARGUMENT` naming each stretch that ends before it starts, or overlaps one before it.
    public init(_ stretches: [WorkingHours]) throws(Rejection) {
        let violations = Self.violations(in: stretches)
        guard violations.isEmpty else { throw Rejection(invalid: violations) }
        self.init(ordered: stretches.sorted { ($0.weekday, $0.start) < ($1.weekday, $1.start) })
    }

    private init(ordered: [WorkingHours]) {
        workingHours = ordered
    }

    private static func violations(in stretches: [WorkingHours]) -> [Rejection.Violation] {
        stretches.indices.compactMap { index in
            let field = "working_hours[\(index)]"
            let stretch = stretches[index]
            if stretch.start >= stretch.end { return .init(field: "\(field).end", sentence: "must be after start") }
            if let earlier = stretches[..<index].firstIndex(where: stretch.overlaps) {
                return .init(field: field, sentence: "overlaps working_hours[\(earlier)]")
            }
            return nil
        }
    }
}

/// People: new working hours that leave future active appointments outside are refused; the caller may keep these, or have
/// them cancelled instead.
public func rejectionOfSchedule(leavingOutside appointments: StandingAppointments) -> Rejection? {
    appointments.rejection(.scheduleConflict, "outside these hours")
}

extension WorkingHours {
    /// Both are half-open, so hours that only touch do not overlap; nor does what has no length.
    fileprivate func overlaps(_ other: WorkingHours) -> Bool {
        weekday == other.weekday && start < other.end && other.start < end && other.start < other.end
    }
}
