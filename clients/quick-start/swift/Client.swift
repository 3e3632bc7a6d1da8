// Not tested. A chat client on CocoaMQTT 2.1 (MQTT 5), for iOS and macOS. The tested quick starts beside this folder say the same.
// CocoaMQTT acknowledges a message before its delegate has stored it: after a crash in between, ask history for what follows the last stored seq.
import CocoaMQTT
import Foundation

final class Client: CocoaMQTT5Delegate {
    private let mqtt: CocoaMQTT5
    private let user: String
    private var stored: [String: Int] = [:] // up to which seq each conversation is; keep it with the messages

    init(host: String, port: UInt16, user: String, token: String) {
        self.user = user
        mqtt = CocoaMQTT5(clientID: "\(user)/quick-start", host: host, port: port)
        mqtt.username = user
        mqtt.password = token
        mqtt.keepAlive = 50
        mqtt.cleanSession = false
        let properties = MqttConnectProperties()
        properties.sessionExpiryInterval = 7 * 24 * 3600
        mqtt.connectProperties = properties
        mqtt.autoReconnect = true
        mqtt.delegate = self
        _ = mqtt.connect()
    }

    /// `to` is a conversation or @user. The id makes it one message however often it is sent.
    func send(_ text: String, to: String) throws {
        let payload = try JSONSerialization.data(withJSONObject: ["id": UUID().uuidString, "text": text])
        mqtt.publish(CocoaMQTT5Message(topic: "chat/\(to)/msg", payload: [UInt8](payload), qos: .qos1), properties: MqttPublishProperties())
    }

    func mqtt5(_ mqtt5: CocoaMQTT5, didConnectAck ack: CocoaMQTTCONNACKReasonCode, connAckData: MqttDecodeConnAck?) {
        // With a session that is there already this does no harm.
        if ack == .success { mqtt5.subscribe([MqttSubscription(topic: "chat/+/msg", qos: .qos1), MqttSubscription(topic: "user/\(user)/reply", qos: .qos1)]) }
    }

    func mqtt5(_ mqtt5: CocoaMQTT5, didReceiveMessage message: CocoaMQTT5Message, id: UInt16, publishData: MqttDecodePublish?) {
        guard let event = try? JSONSerialization.jsonObject(with: Data(message.payload)) as? [String: Any],
              let seq = event["seq"] as? Int, seq > stored[message.topic] ?? 0 else { return }
        stored[message.topic] = seq // and store the event here
        print("#\(seq) \(event["from"] ?? ""): \(event["text"] ?? event)")
    }

    func mqtt5(_ mqtt5: CocoaMQTT5, didPublishMessage message: CocoaMQTT5Message, id: UInt16) {}
    func mqtt5(_ mqtt5: CocoaMQTT5, didPublishAck id: UInt16, pubAckData: MqttDecodePubAck?) {}
    func mqtt5(_ mqtt5: CocoaMQTT5, didPublishRec id: UInt16, pubRecData: MqttDecodePubRec?) {}
    func mqtt5(_ mqtt5: CocoaMQTT5, didSubscribeTopics success: NSDictionary, failed: [String], subAckData: MqttDecodeSubAck?) {}
    func mqtt5(_ mqtt5: CocoaMQTT5, didUnsubscribeTopics topics: [String], unsubAckData: MqttDecodeUnsubAck?) {}
    func mqtt5(_ mqtt5: CocoaMQTT5, didReceiveDisconnectReasonCode reasonCode: CocoaMQTTDISCONNECTReasonCode) {}
    func mqtt5(_ mqtt5: CocoaMQTT5, didReceiveAuthReasonCode reasonCode: CocoaMQTTAUTHReasonCode) {}
    func mqtt5DidPing(_ mqtt5: CocoaMQTT5) {}
    func mqtt5DidReceivePong(_ mqtt5: CocoaMQTT5) {}
    func mqtt5DidDisconnect(_ mqtt5: CocoaMQTT5, withError err: Error?) {}
}
