import './api/no-eval.ts';
import { mount } from 'svelte';
import { connect } from './api/connect.ts';
import { Link } from './state/link.svelte.ts';
import { Studio } from './state/studio.svelte.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import App from './views/App.svelte';
import NoDoor from './views/NoDoor.svelte';

function start(target: HTMLElement): void {
  const link = new Link();
  const connection = connect((state) => link.set(state));
  if (connection === null) mount(NoDoor, { target });
  else mount(App, { target, props: { studio: new Studio(connection, link) } });
}

const target = document.getElementById('app');
if (target !== null) start(target);
