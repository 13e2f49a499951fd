import Testing

/// What happens to people in a hospital, told through its public API, one story a file. One after the other, because
/// they share a clock.
@Suite(.serialized, .inOneHospital, .timeLimit(.minutes(10))) struct Stories {}
