// HMSTestKit
