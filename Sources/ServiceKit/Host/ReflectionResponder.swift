import Contracts
import RPC

/// Tells what a service serves, for tools that were built without its contract.
struct ReflectionResponder: ReflectionServiceProtocol {
    /// The methods that are served beside this one.
    let served: [MethodDescriptor]

    func describe(_ request: DescribeRequest, _ context: CallContext) async throws -> DescribeResponse {
        DescribeResponse(
            methods: (served + ReflectionServiceMethods.all).map(\.name).sorted(), fileDescriptorSet: Contracts.fileDescriptorSet)
    }
}
