/** Stands for what MQTT.js uses outside of browsers only. */
export default {}
