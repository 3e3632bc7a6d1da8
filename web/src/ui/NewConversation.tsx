import { useState } from 'preact/hooks'
import { directId } from 'parley-client'
import type { Chat } from '../session/chat'
import { isUser } from '../session/credentials'
import { Avatar } from './Avatar'
import { Icon } from './Icon'
import { Modal } from './Modal'

interface Props {
  chat: Chat
  me: string
  onOpen: (id: string) => void
  onClose: () => void
}

/** Writes to one, or founds a group with several. */
export function NewConversation({ chat, me, onOpen, onClose }: Props) {
  const [group, setGroup] = useState(false)
  const [name, setName] = useState('')
  const [groupName, setGroupName] = useState('')
  const [members, setMembers] = useState<string[]>([])
  const [busy, setBusy] = useState(false)
  const user = name.trim().toLowerCase()
  const valid = isUser(user) && user !== me && !members.includes(user)

  const add = () => {
    if (valid) {
      setMembers([...members, user])
      setName('')
    }
  }

  const submit = async (event: Event) => {
    event.preventDefault()
    if (!group) {
      if (valid) {
        onClose()
        onOpen(directId(me, user))
      }
      return
    }
    if (user !== '') {
      add()
      return
    }
    setBusy(true)
    const id = await chat.createGroup(groupName.trim(), members)
    setBusy(false)
    if (id) {
      onClose()
      onOpen(id)
    }
  }

  return (
    <Modal title="New conversation" onClose={onClose}>
      <form class="new" onSubmit={submit}>
        <div class="switch" role="group" aria-label="With whom">
          <button type="button" aria-pressed={!group} onClick={() => setGroup(false)}>
            <Icon name="person" size={18} /> One person
          </button>
          <button type="button" aria-pressed={group} onClick={() => setGroup(true)}>
            <Icon name="group" size={18} /> Group
          </button>
        </div>
        {group && (
          <label class="field">
            <span>Name of the group</span>
            <input value={groupName} maxLength={200} onInput={(event) => setGroupName(event.currentTarget.value)} />
          </label>
        )}
        <label class="field">
          <span>{group ? 'Add people by name' : 'Name of the person'}</span>
          <span class="field-row">
            <input value={name} placeholder="bob" autocapitalize="none" autocomplete="off" spellcheck={false} maxLength={64} onInput={(event) => setName(event.currentTarget.value)} />
            {group && (
              <button type="button" class="button" disabled={!valid} onClick={add}>
                Add
              </button>
            )}
          </span>
        </label>
        {name.trim() !== '' && !isUser(user) && <p class="hint">A name has 1 to 64 of the characters a–z, 0–9, dot, dash and underscore.</p>}
        {group && members.length > 0 && (
          <ul class="chips" aria-label="People in the group">
            {members.map((member) => (
              <li class="chip" key={member}>
                <Avatar name={member} size={28} />
                {member}
                <button type="button" aria-label={`Not ${member}`} onClick={() => setMembers(members.filter((one) => one !== member))}>
                  <Icon name="close" size={14} />
                </button>
              </li>
            ))}
          </ul>
        )}
        <div class="modal-actions">
          <button type="submit" class="button button-primary" disabled={busy || (group ? groupName.trim() === '' || (members.length === 0 && !valid) : !valid)}>
            {group ? (user !== '' && valid ? 'Add' : 'Found the group') : 'Write'}
          </button>
        </div>
      </form>
    </Modal>
  )
}
