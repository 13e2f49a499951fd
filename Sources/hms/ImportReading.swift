import ArgumentParser
import Import

/// How a file says things, where it is not as the hospital does.
struct ImportReading: ParsableArguments {
    @Option(help: ArgumentHelp("Which column fills a field.", valueName: "field=COLUMN[+COLUMN…]"))
    var map: [String] = []

    @Option(
        name: .customLong("default"),
        help: ArgumentHelp("What a field holds in rows that say nothing.", valueName: "field=value"))
    var defaults: [String] = []

    @Option(
        help: ArgumentHelp(
            "What one of the file's words for a state, a kind or a method means: status:Finished=COMPLETED.",
            valueName: "field:theirs=ours"))
    var value: [String] = []

    @Option(
        help: ArgumentHelp(
            "How dates are written, of all fields or of one: dd/MM/yyyy HH:mm, dob=M/d/yy, d MMM yyyy, yyyyMMdd, h:mm a. "
                + "ISO 8601 is always read, and other common forms where the whole column leaves no doubt.",
            valueName: "[field=]pattern"))
    var dateFormat: [String] = []

    @Option(help: ArgumentHelp("The zone of times without an offset, as Europe/Berlin (default: the clinic's).", valueName: "zone"))
    var timezone: String?

    @Option(help: "What amounts of money are counted in, which is never guessed: major (250 is 250.00) or minor (250 is 2.50).")
    var unit: MoneyUnit?

    @Option(help: ArgumentHelp("What stands before the decimals of an amount: “.” or “,” (default: “.”).", valueName: "character"))
    var decimalSeparator: DecimalSeparator = .point

    @Option(
        help: ArgumentHelp(
            "What separates the values of a list in one cell, beside “;”, “|” and line breaks, as “,”.", valueName: "text"))
    var listSeparator: String?

    @Option(
        help: ArgumentHelp("What separates the columns: “,”, “;”, “|” or tab (default: as the first rows show).", valueName: "character"))
    var delimiter: CSVDialect.Delimiter?

    @Option(
        help: ArgumentHelp(
            "How the file's characters are written: \(TextEncoding.names.joined(separator: ", ")) (default: what its first bytes say, "
                + "or utf-8).", valueName: "name"))
    var encoding: String?

    var options: ReadingOptions {
        var options = ReadingOptions()
        options.map = map
        options.defaults = defaults
        options.values = value
        options.dateFormats = dateFormat
        options.timeZone = timezone
        options.unit = unit
        options.decimalSeparator = decimalSeparator.rawValue
        options.listSeparator = listSeparator
        return options
    }
}

enum DecimalSeparator: Character, ExpressibleByArgument {
    case point = "."
    case comma = ","

    init?(argument: String) {
        guard argument.count == 1, let character = argument.first else { return nil }
        self.init(rawValue: character)
    }
}

extension MoneyUnit: ExpressibleByArgument {}

extension CSVDialect.Delimiter: ExpressibleByArgument {
    public init?(argument: String) {
        self.init(named: argument)
    }
}
