<div class="panel">
  <h3>{l s='Deliveries' mod='afterorder'}</h3>
  <p>{l s='Messages that wait:' mod='afterorder'} {$afterorder_waiting|intval}</p>
  {if $afterorder_troubles}
    <table class="table">
      <thead><tr><th>{l s='Order' mod='afterorder'}</th><th>{l s='Message' mod='afterorder'}</th><th>{l s='State' mod='afterorder'}</th><th>{l s='Tries' mod='afterorder'}</th><th>{l s='Answer' mod='afterorder'}</th></tr></thead>
      <tbody>
        {foreach $afterorder_troubles as $trouble}
          <tr>
            <td>{$trouble.id_order|intval}</td>
            <td>{$trouble.type|escape:'html':'UTF-8'}</td>
            <td>{$trouble.state|escape:'html':'UTF-8'}</td>
            <td>{$trouble.tries|intval}</td>
            <td>{$trouble.said|escape:'html':'UTF-8'}</td>
          </tr>
        {/foreach}
      </tbody>
    </table>
  {/if}
  <form method="post">
    <button type="submit" name="testAfterorder" class="btn btn-default">{l s='Send a test' mod='afterorder'}</button>
  </form>
  <h3>{l s='Cron' mod='afterorder'}</h3>
  <p>{l s='Let a cron call this address every five minutes. Keep it secret.' mod='afterorder'}</p>
  <code>{$afterorder_cron|escape:'html':'UTF-8'}</code>
</div>
