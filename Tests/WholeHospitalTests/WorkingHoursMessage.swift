import Contracts

/// The contract's message, in files where the vocabulary has a word of the same name.
typealias WorkingHoursMessage = WorkingHours
