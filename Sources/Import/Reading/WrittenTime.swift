import Vocabulary

/// A date as it stands in a file, with its time of day and its offset where it has them.
struct WrittenTime: Hashable, Sendable {
    let day: LocalDate
    /// Nil where only the date is written.
    let millisecondOfDay: Int?
    /// Nil where none is written: the clock of some place shows this time, and only that place knows when.
    let offsetMinutes: Int?

    init(_ day: LocalDate, millisecondOfDay: Int? = nil, offsetMinutes: Int? = nil) {
        self.day = day
        self.millisecondOfDay = millisecondOfDay
        self.offsetMinutes = offsetMinutes
    }
}

/// Which year two digits mean.
struct TwoDigitYears: Hashable, Sendable {
    /// The last year that is meant.
    let latest: Int

    /// Of a birth no year to come; of anything else those up to twenty years from now, as spreadsheets take them.
    init(today: LocalDate, ofBirths: Bool) {
        latest = ofBirths ? today.year : today.year + 19
    }

    func year(_ digits: Int) -> Int {
        let year = latest - latest % 100 + digits
        return year > latest ? year - 100 : year
    }
}
