extension ClinicCalendar {
    /// Whether a slot starts when the wall clock shows a full or a half hour, to the millisecond, and lasts 30 minutes.
    public func isOnGrid(_ slot: Slot) -> Bool {
        slot.end - slot.start == Slot.length && localTime(of: slot.start).isOnGrid
    }

    /// Whether the wall clock shows 09:00 or later at a slot's start and 18:00 or earlier at its end, on the same day.
    public func isInClinicHours(_ slot: Slot) -> Bool {
        isCovered(slot, by: [WorkingHours(weekday: day(of: slot.start).weekday, start: ClinicHours.opening, end: ClinicHours.closing)])
    }

    /// Whether a slot lies inside these weekly hours. One over two stretches that touch does.
    public func isCovered(_ slot: Slot, by hours: [WorkingHours]) -> Bool {
        let start = localTime(of: slot.start)
        let end = localTime(of: slot.end)
        guard start.day == end.day, start.millisecondOfDay < end.millisecondOfDay else { return false }
        var covered = start.millisecondOfDay
        for stretch in hours.sorted(by: { $0.start < $1.start }) where stretch.weekday == start.day.weekday {
            guard stretch.start.millisecondOfDay <= covered else { break }
            covered = max(covered, stretch.end.millisecondOfDay)
        }
        return covered >= end.millisecondOfDay
    }

    /// The slots on the grid in clinic hours that start on a day, in order.
    public func slots(of day: LocalDate) -> [Slot] {
        stride(from: ClinicHours.opening.minutesSinceMidnight, to: ClinicHours.closing.minutesSinceMidnight, by: 30)
            .compactMap { TimeOfDay(minutesSinceMidnight: $0) }
            .flatMap { instants(of: day, at: $0) }
            .map { Slot(start: $0) }
            .filter { isOnGrid($0) && isInClinicHours($0) }
            .sorted { $0.start < $1.start }
    }
}

extension TimeOfDay {
    fileprivate var millisecondOfDay: Int { minutesSinceMidnight * 60_000 }
}
