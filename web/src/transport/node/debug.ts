/** What MQTT.js would log. */
export default function debug(): () => void {
  return () => {}
}
