import ContractGenerator
import Foundation

let request = try FileHandle.standardInput.readToEnd() ?? Data()
try FileHandle.standardOutput.write(contentsOf: Plugin.respond(to: Array(request)))
